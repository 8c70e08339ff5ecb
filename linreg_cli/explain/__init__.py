"""The first epochs of a descent on a page: a reader with a calculator gets what is printed."""

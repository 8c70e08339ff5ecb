"""A training as one web page, in which it can be watched and done again."""

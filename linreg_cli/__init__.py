"""linreg learns a line from a CSV file at the shell."""

"""The terminal: everything that a person sees, on standard error."""

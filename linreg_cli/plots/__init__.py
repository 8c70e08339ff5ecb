"""What the plots show, worked out as arrays: no drawing library, no file, no terminal."""

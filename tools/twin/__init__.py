"""How an async source reads in sync: the rules of the twin, on text and without files."""

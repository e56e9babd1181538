"""All code that talks to the server, on floors 0 to 2; the package beside it is its twin."""

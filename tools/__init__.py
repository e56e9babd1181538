"""The chores of this project that are programs of their own."""

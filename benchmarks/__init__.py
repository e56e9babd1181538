"""How fast the library is beside the driver and beside its like: `nox -s bench`."""

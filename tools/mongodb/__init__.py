"""The parts of `tools/mongod.py`, which is the door to them.

`plan` decides, `node` and `server` act, and `keeper` is the process that cleans up.
"""

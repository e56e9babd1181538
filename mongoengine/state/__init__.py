"""What a process or a task remembers between two calls: clients, colours, context variables.

State floor: holds clients, sends no commands. The sync/async pairs that cannot be
translated (``async_x`` / ``x``) are here, in ``state.clients``.
"""

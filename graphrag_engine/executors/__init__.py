"""Drivers of conversations: how the tasks of a stage get their replies."""

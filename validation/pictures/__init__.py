"""Cameras, rooms and the renderer: from people to pictures."""

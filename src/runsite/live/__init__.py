"""The site that follows its stores: watch, build again, serve, and tell open pages what changed.

Import from the modules: `serving` brings the server, `watching` the watchdog library.
"""

"""What the pages of a site hold: pure functions from the site's content to pages; no file, no clock.

Pages are made one at a time, so that ten thousand run pages never stand in memory together. What needs a file (the
head of an artifact, the hash of a data script) is handed in as `PageData`. `site` composes all pages; `beside` makes
one run's, which is all that a line appended to a log asks for.
"""

"""Which files make the site, and how they get onto the disk without ever leaving half of one.

Import from the modules: `published` brings the pages, and `writer` what a build with nothing to do never needs.
"""

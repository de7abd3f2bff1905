"""Which files make the site, and how they get onto the disk without ever leaving half of one."""

from runsite.site.published import PublishedFiles, RunArtifacts
from runsite.site.writer import SITE_FILE, SiteWriter, Written

__all__ = ["SITE_FILE", "PublishedFiles", "RunArtifacts", "SiteWriter", "Written"]

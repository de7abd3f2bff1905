"""Where the web shows the code a run was started from."""

from runsite.notes import is_safe_address

# Hosts whose web address of a commit is the remote's address and /commit/<digest>.
_COMMIT_HOSTS = ("https://github.com/", "https://gitlab.com/", "https://codeberg.org/")


def web_remote(remote: str | None) -> str | None:
    """Return a remote that is a safe address."""
    return remote if remote and is_safe_address(remote) and "://" in remote else None


def commit_address(remote: str | None, commit: str | None) -> str | None:
    """Return the page of a commit at its host; None where that is not known."""
    if remote is None or commit is None or not commit.isalnum() or not remote.startswith(_COMMIT_HOSTS):
        return None
    return f"{remote.removesuffix('/').removesuffix('.git')}/commit/{commit}"

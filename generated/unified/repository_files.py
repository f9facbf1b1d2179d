"""A file in a repository, at a branch, tag or commit. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import downloading, listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.repository_files import RepositoryFile

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github", "gitlab"))
"""Module of each vendor's adapter, imported on first use."""


@operation("repository_files", "get", VENDORS, effect="read")
def get(repository_id: str, path: str, *, ref: str | None = None, via: str | None = None) -> Invocation[RepositoryFile]:
    """Read a text file of a repository.

    Args:
        repository_id: The repository.
        path: The path of the file.
        ref: A branch, tag or commit; without it the default branch.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"repository_id": repository_id, "path": path, "ref": ref}, optional=("ref",), via=via)


@downloading("repository_files", "download", VENDORS, effect="read", like="get")
def download(repository_id: str, path: str, *, ref: str | None = None, via: str | None = None) -> Invocation[bytes]:
    """Receive the content of a file as bytes.

    Args:
        repository_id: The repository.
        path: The path of the file.
        ref: A branch, tag or commit; without it the default branch.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"repository_id": repository_id, "path": path, "ref": ref}, optional=("ref",), via=via)


@listing("repository_files", "list", VENDORS)
def list(
    *,
    repository_id: str,
    ref: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[RepositoryFile]:
    """List all files of a repository.

    Args:
        repository_id: The repository.
        ref: A branch, tag or commit; without it the default branch.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.repository_files import RepositoryFileFilters

    return Invocation(
        model=RepositoryFileFilters,
        given={"repository_id": repository_id, "ref": ref},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("repository_files", "create", VENDORS, effect="write")
def create(
    repository_id: str,
    *,
    content: str,
    path: str,
    message: str,
    branch: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[RepositoryFile]:
    """Add a text file by a commit.

    Args:
        repository_id: The repository.
        content: Its text.
        path: The path of the file.
        message: The message of the commit.
        branch: The branch; without it the default branch.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.repository_files import RepositoryFileCreate

    return Invocation(
        model=RepositoryFileCreate,
        given={"content": content, "path": path, "message": message, "branch": branch},
        ids={"repository_id": repository_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("repository_files", "update", VENDORS, effect="write")
def update(
    repository_id: str,
    *,
    content: str,
    path: str,
    message: str,
    sha: str,
    branch: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[RepositoryFile]:
    """Replace a text file by a commit.

    Args:
        repository_id: The repository.
        content: Its text.
        path: The path of the file.
        message: The message of the commit.
        sha: The version that is replaced; a newer one is a conflict.
        branch: The branch; without it the default branch.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.repository_files import RepositoryFileUpdate

    return Invocation(
        model=RepositoryFileUpdate,
        given={
            "content": content,
            "path": path,
            "message": message,
            "sha": sha,
            "branch": UNSET if branch is None else branch,
        },
        ids={"repository_id": repository_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("repository_files", "delete", VENDORS, effect="destructive")
def delete(
    repository_id: str,
    path: str,
    message: str,
    sha: str,
    *,
    branch: str | None = None,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Delete a file by a commit.

    Args:
        repository_id: The repository.
        path: The path of the file.
        message: The message of the commit.
        sha: The version that is replaced; a newer one is a conflict.
        branch: The branch; without it the default branch.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(
        ids={"repository_id": repository_id, "path": path, "message": message, "sha": sha, "branch": branch},
        optional=("branch",),
        via=via,
        extra=extra,
        key=idempotency_key,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""

"""Responses of Confluence, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class BodyType(Struct, frozen=True, gc=False):
    value: str | None = None


class BodySingle(Struct, frozen=True, gc=False):
    atlas_doc_format: BodyType | None = None


class Version(Struct, frozen=True, gc=False):
    author_id: str | None = field(name="authorId", default=None)
    created_at: str | None = field(name="createdAt", default=None)


class FooterCommentModel(Struct, frozen=True, gc=False):
    id: str | None = None
    page_id: str | None = field(name="pageId", default=None)
    body: BodySingle | None = None
    version: Version | None = None


class MultiEntityLinks(Struct, frozen=True, gc=False):
    next: str | None = None


class GetPageFooterCommentsResponse(Struct, frozen=True, gc=False):
    results: list[FooterCommentModel] | None = None
    links: MultiEntityLinks | None = field(name="_links", default=None)


class PageCommentsFooterCommentModel(Struct, frozen=True, gc=False):
    id: str | None = None


class PageCommentsVersion(Struct, frozen=True, gc=False):
    number: int | None = None


class PageCommentsFooterCommentModel2(Struct, frozen=True, gc=False):
    version: PageCommentsVersion | None = None


class PagesVersion(Struct, frozen=True, gc=False):
    number: int | None = None
    created_at: str | None = field(name="createdAt", default=None)


class AbstractPageLinks(Struct, frozen=True, gc=False):
    webui: str | None = None


class PageSingle(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    body: BodySingle | None = None
    space_id: str | None = field(name="spaceId", default=None)
    parent_id: str | None = field(name="parentId", default=None)
    status: str | None = None
    author_id: str | None = field(name="authorId", default=None)
    version: PagesVersion | None = None
    links: AbstractPageLinks | None = field(name="_links", default=None)
    created_at: str | None = field(name="createdAt", default=None)


class GetPagesResponse(Struct, frozen=True, gc=False):
    results: list[PageSingle] | None = None
    links: MultiEntityLinks | None = field(name="_links", default=None)


class PagesPageSingle(Struct, frozen=True, gc=False):
    id: str | None = None


class PagesVersion2(Struct, frozen=True, gc=False):
    number: int | None = None


class PagesPageSingle2(Struct, frozen=True, gc=False):
    body: BodySingle | None = None
    id: str | None = None
    title: str | None = None
    version: PagesVersion2 | None = None
    status: str | None = None


class PagesPageSingle3(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    body: BodySingle | None = None
    version: PagesVersion2 | None = None
    status: str | None = None


class SpaceDescription(Struct, frozen=True, gc=False):
    plain: BodyType | None = None


class SpaceLinks(Struct, frozen=True, gc=False):
    webui: str | None = None


class SpaceSingle(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    key: str | None = None
    description: SpaceDescription | None = None
    type: str | None = None
    status: str | None = None
    homepage_id: str | None = field(name="homepageId", default=None)
    links: SpaceLinks | None = field(name="_links", default=None)
    created_at: str | None = field(name="createdAt", default=None)


class GetSpacesResponse(Struct, frozen=True, gc=False):
    results: list[SpaceSingle] | None = None
    links: MultiEntityLinks | None = field(name="_links", default=None)

"""Content of files: sources, uploads, downloads and checksums.

Adapters do no I/O: a strategy of `uploads` is a generator that requests pieces of a source and yields HTTP requests, and `downloads`
receives a content as a flow of the driver. Only the clients read sources and write files.
"""

from __future__ import annotations

from unified_runtime.core.content import Content as Content
from unified_runtime.core.content import Progress as Progress
from unified_runtime.http.media.content import Source as Source
from unified_runtime.http.media.downloads import streamed as streamed
from unified_runtime.http.media.message_files import discord_form as discord_form
from unified_runtime.http.media.message_files import slack_upload as slack_upload
from unified_runtime.http.media.upload_sessions import dropbox_session as dropbox_session
from unified_runtime.http.media.upload_sessions import google_session as google_session
from unified_runtime.http.media.upload_sessions import graph_session as graph_session
from unified_runtime.http.media.uploads import argument as argument
from unified_runtime.http.media.uploads import body as body
from unified_runtime.http.media.uploads import fits as fits
from unified_runtime.http.media.uploads import form as form
from unified_runtime.http.media.uploads import related as related
from unified_runtime.http.media.uploads import verify as verify

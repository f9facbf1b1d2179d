"""Files' content: what is uploaded, how it is sent, how it is received, and that it is whole.

Adapters stay without I/O: a strategy of `uploads` is a generator that asks for pieces of a source and yields requests, and
`downloads` receives a content as a flow of the driver. Sources are read, and files written, by the clients alone.
"""

from __future__ import annotations

from unified_runtime.media.downloads import streamed as streamed
from unified_runtime.media.sources import Content as Content
from unified_runtime.media.sources import Progress as Progress
from unified_runtime.media.sources import Source as Source
from unified_runtime.media.uploads import argument as argument
from unified_runtime.media.uploads import dropbox_session as dropbox_session
from unified_runtime.media.uploads import fits as fits
from unified_runtime.media.uploads import google_session as google_session
from unified_runtime.media.uploads import graph_session as graph_session
from unified_runtime.media.uploads import related as related
from unified_runtime.media.uploads import verify as verify
from unified_runtime.media.uploads import whole as whole

"""One operation from its first request to its value, without I/O: what a flow asks for, how a request is written, when it is sent again."""

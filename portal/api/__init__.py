"""The HTTP API's frame: bearer tokens, one form of error, paces, paging, the schema. Subjects bring their routers."""

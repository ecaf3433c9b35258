"""Facts with the words they rest on, the sources beside them, and the addresses of both."""

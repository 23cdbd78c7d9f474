"""The optional language model. Without one the product loses style, not function.

`config` what is configured · `guard` where a request may go · `client` one request with retries · `answers` reading
what came back · `naming`, `summaries` the tasks: prompt, schema and the check of each against what was supplied.
"""

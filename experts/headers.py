"""Headers of pages whose address holds a token."""

from functools import wraps

from django.utils.cache import patch_cache_control


def private_page(view):
    """Nobody keeps the page, no referrer carries its path.

    `strict-origin` and not `no-referrer`: under the latter browsers send `Origin: null` with the form, which is
    indistinguishable from a forged request. Either way the path, which holds the token, is never sent.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped

"""The application: its parts are wired together here, and nothing is decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from wsgiref.types import WSGIApplication

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from explorer.library.story_cache import StoryCache
from explorer.ops import logs, metrics
from explorer.ops.request_events import NO_ROUTE, Watched
from explorer.reading.errors import Broken, Moved, NotFound, Unavailable
from explorer.reading.shelf import Shelf
from explorer.settings import Settings, folder
from explorer.storage.store import Store
from explorer.web import (
    content_policy,
    errors,
    fragment_cache,
    rendering,
    request_guard,
    request_limits,
    responses,
)
from explorer.web.api.views import api
from explorer.web.middleware.content_encoding import WAYS, Packed
from explorer.web.middleware.response_cache import ResponseCache
from explorer.web.middleware.security_headers import Headed
from explorer.web.middleware.url_prefix import Mounted
from explorer.web.reader import bookmark_cookie
from explorer.web.reader.views import pages
from explorer.web.site.views import site
from explorer.web.static_files import Files

MOST_ROUTES = 4096
LONGEST_PATH = 200


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the parts together; decide nothing."""
    settings = settings or Settings.from_environment()
    files = Files(folder("static"), settings.url_prefix)
    library = _library(settings)
    app = request_guard.Guarded("explorer", static_folder=None, template_folder=folder("templates"))
    # No address leads on to a better spelling of it, with the host in it that somebody named.
    app.url_map.merge_slashes = False
    app.config.update(_configuration(settings))
    app.extensions.update(shelf=Shelf(library, settings.url_prefix), files=files)
    _set_up_templates(app, settings, files)
    for views in (site, pages, api):
        app.register_blueprint(views)
    rendering.install(app, Compress())
    _set_up_errors(app)
    app.wsgi_app = _layered(app, settings, library)  # type: ignore[assignment, method-assign]
    return app


def _library(settings: Settings) -> StoryCache:
    return StoryCache(
        Store(settings.database_url),
        settings.memory_mb * 1_000_000,
        settings.fresh_ms / 1000,
        loading=metrics.loading,
    )


def _configuration(settings: Settings) -> dict[str, object]:
    """What the framework and its extensions are told."""
    return {
        "BASE": settings.url_prefix,
        "MAX_CONTENT_LENGTH": request_limits.MOST_FORM,
        "MAX_FORM_MEMORY_SIZE": request_limits.MOST_FORM,
        "MAX_FORM_PARTS": request_limits.MOST_FIELDS,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        # What a moment's work is worth: a page of 36 KB takes 0.07 ms and comes down to a fifth.
        "COMPRESS_ALGORITHM": WAYS,
        "COMPRESS_LEVEL": 4,
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
        "COMPRESS_REGISTER": False,
    }


def _layered(app: Flask, settings: Settings, library: StoryCache) -> WSGIApplication:
    """Put the layers around an application, from the inside out."""
    outer: WSGIApplication = Headed(app.wsgi_app, content_policy.policy(settings.htmx))
    if settings.hot_mb:
        outer = ResponseCache(outer, library.revision, _reader, settings.hot_mb * 1024 * 1024)
    outer = _watched(Packed(outer), app, settings)
    outer = Mounted(outer, settings.url_prefix)
    hops = settings.proxy_hops
    return ProxyFix(outer, x_for=hops, x_proto=hops, x_host=hops) if hops else outer


def _reader(cookies: str) -> tuple[str, int]:
    """Tell readers apart by what is remembered of them; cookies that are refused are nobody's."""
    return (
        bookmark_cookie.text(cookies)
        if len(cookies) <= request_limits.MOST_COOKIES
        else ("refused", 0)
    )


def _set_up_templates(app: Flask, settings: Settings, files: Files) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals["site"] = _site(settings, files)
    fragment_cache.install(environment)


def _site(settings: Settings, files: Files) -> dict[str, str]:
    """What the layout needs of the installation: addresses of files, by content."""
    local = settings.htmx == "local"
    return {
        "home": f"{settings.url_prefix}/",
        "style": files.href("explorer.css"),
        "pictures": files.href("pictures.css"),
        "script": files.href("explorer.js"),
        "icon": files.href("icon.svg"),
        "htmx": files.href(content_policy.HTMX_FILE) if local else content_policy.HTMX_CDN,
        "htmx_hash": "" if local else content_policy.HTMX_HASH,
    }


def _watched(inner: WSGIApplication, app: Flask, settings: Settings) -> WSGIApplication:
    """Let logs and metrics see what is answered; where neither is wanted, nothing is in the way."""
    logs.install(settings)
    watchers = (*logs.watchers(settings), *metrics.watchers())
    return Watched(inner, _routes(app), watchers) if watchers else inner


def _routes(app: Flask) -> Callable[[str, str], str]:
    """Give what finds the route of a method and a path; it remembers those that are usual."""
    match = app.url_map.bind("localhost").match

    def found(method: str, path: str) -> str:
        try:
            return match(path, method, return_rule=True)[0].rule
        except HTTPException:
            return NO_ROUTE

    usual = lru_cache(MOST_ROUTES)(found)
    # A path that is longer than any of ours is a stranger's, and not worth its memory.
    return lambda method, path: (usual if len(path) <= LONGEST_PATH else found)(method, path)


def _set_up_errors(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _: errors.error(404))
    app.register_error_handler(Moved, lambda found: responses.elsewhere(found.href))
    app.register_error_handler(Broken, lambda _: errors.broken())
    # What is the matter was logged when it began, once and not for each of its answers.
    app.register_error_handler(Unavailable, lambda _: errors.unavailable())
    app.register_error_handler(HTTPException, errors.http_error)
    app.register_error_handler(Exception, errors.crashed)

//! Addresses and the methods they take. Every other method is answered 405 with `Allow` (RFC 9110, 15.5.6); `GET` brings `HEAD` with it.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Resource, Responder, Route, web};

use super::problem::no_such_method;

/// One address, with its routes.
pub(super) struct Address {
    resource: Resource,
    allowed: Vec<Method>,
}

/// An address that takes no method yet.
pub(super) fn path(path: &str) -> Address {
    Address { resource: web::resource(path), allowed: Vec::new() }
}

impl Address {
    /// Adds a method and what answers it.
    pub(super) fn route(mut self, (method, route): (Method, Route)) -> Self {
        self.allowed.push(method);
        self.resource = self.resource.route(route);
        self
    }
}

impl HttpServiceFactory for Address {
    fn register(self, config: &mut AppService) {
        let with_head = |m: &Method| if *m == Method::GET { "GET, HEAD".to_owned() } else { m.to_string() };
        let allow = self.allowed.iter().map(with_head).collect::<Vec<_>>().join(", ");
        self.resource.default_service(web::to(move || no_such_method(allow.clone()))).register(config);
    }
}

/// A method that waits for its handler.
pub(super) struct On(Method);

impl On {
    /// Names the handler.
    pub(super) fn to<F, A>(self, handler: F) -> (Method, Route)
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = if self.0 == Method::GET {
            web::route().guard(Any(Get()).or(Head()))
        } else {
            web::method(self.0.clone())
        };
        (self.0, route.to(handler))
    }
}

/// Reads.
pub(super) fn get() -> On {
    On(Method::GET)
}

/// Adds, or acts.
pub(super) fn post() -> On {
    On(Method::POST)
}

/// Adds or replaces whole.
pub(super) fn put() -> On {
    On(Method::PUT)
}

/// Changes in part.
pub(super) fn patch() -> On {
    On(Method::PATCH)
}

/// Takes away.
pub(super) fn delete() -> On {
    On(Method::DELETE)
}

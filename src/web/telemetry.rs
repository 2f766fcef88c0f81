//! What is written about requests: route pattern, status, time and request id. Never an answer, a token, a name, an address or a full URL.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web_prom::{PrometheusMetrics, PrometheusMetricsBuilder};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{RequestId, RootSpanBuilder, TracingLogger};

/// Counts and times by route pattern; `/metrics` writes its registry.
#[expect(clippy::expect_used, reason = "fixed names that the library accepts")]
pub(super) fn metrics() -> PrometheusMetrics {
    PrometheusMetricsBuilder::new("khi")
        .mask_unmatched_patterns("unknown")
        .build()
        .expect("metric names are sound")
}

/// One span a request.
pub(super) fn request_log() -> TracingLogger<PlainSpan> {
    TracingLogger::new()
}

/// Builds the span.
pub(super) struct PlainSpan;

impl RootSpanBuilder for PlainSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        use actix_web::HttpMessage;
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let route = request.match_pattern().unwrap_or_else(|| "unknown".into());
        tracing::info_span!("request", request_id = %id, method = %request.method(), route = %route, status = Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        if status.is_server_error() {
            span.in_scope(|| tracing::error!("request failed"));
        } else {
            span.in_scope(|| tracing::debug!("request answered"));
        }
    }
}

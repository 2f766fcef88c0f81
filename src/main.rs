//! The `khi` program: reads its arguments and calls the library.

fn main() -> std::process::ExitCode {
    khi::cli::run()
}

//! The `arshjul` program: reads the command line, runs the command, and turns its end into an exit code.

use std::process::ExitCode;

use arshjul::cli::{Cli, Context};
use arshjul::clock::SystemClock;
use arshjul::config::Environment;
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::of_process();
    let context = Context { environment: &environment, clock: &SystemClock };
    // One crypto backend for mail, database and http; it must be named before the first connection.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::FAILURE,
    };
    let exit = runtime.block_on(cli.run(&context, &mut std::io::stdout(), &mut std::io::stderr()));
    ExitCode::from(exit.code())
}

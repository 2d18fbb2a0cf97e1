//! The command-line program `entente`.

fn main() -> std::process::ExitCode {
    entente_client::cli::main()
}

//! Takes the browser app into the relay: every file of `client/web/dist/app` with its compressed form.
//!
//! Without the app (`cargo xtask web` builds it) the list is empty, and the relay's page says so.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder =
        Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it")).join("../client/web/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let app = folder.join("app");
    let mut code = String::from("/// The files of the browser app.\npub const FILES: &[File] = &[\n");
    for file in files(&app) {
        let name = file.strip_prefix(&app).expect("found below it").to_string_lossy().replace('\\', "/");
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        if hidden || name.ends_with(".br") {
            continue;
        }
        let bytes = fs::read(&file).expect("a file that was listed");
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let packed =
            file.with_file_name(format!("{}.br", file.file_name().unwrap_or_default().to_string_lossy()));
        let packed = match packed.is_file() {
            true => format!("Some(include_bytes!({:?}))", packed.display().to_string()),
            false => "None".to_owned(),
        };
        writeln!(
            code,
            "File {{ path: \"/{name}\", kind: {:?}, tag: \"\\\"{:016x}\\\"\", bytes: include_bytes!({:?}), packed: {packed} }},",
            kind(&name),
            hasher.finish(),
            file.display().to_string(),
        )
        .expect("writing to a string");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    fs::write(out.join("app.rs"), code).expect("Cargo's folder takes files");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<PathBuf> =
        paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

/// What a browser is told a file is.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

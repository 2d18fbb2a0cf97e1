//! `cargo xtask web`: the browser app, built into `client/web/dist/app`, where the relay's build takes it from.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::tool::{Tool, root};

/// The compiler's name for the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The oldest Node.js that the app's tools run on.
const NODE_MAJOR_MIN: u32 = 20;
/// Most that a first visit may transfer, in bytes: a little more than it does.
const FIRST_VISIT_BYTES_MAX: u64 = 1_300_000;
/// The oldest npm that installs Vite's parts for the machine that it runs on.
const NPM_MAJOR_MIN: u32 = 11;
/// What an older npm fetches instead of itself.
const NPM_FETCHED: &str = "npm@11";
/// What to do about a missing Node.js.
const NODE_HINT: &str = "Install Node.js 20 or newer with npm (https://nodejs.org), then try again.";

/// How to build the browser app.
#[derive(clap::Args)]
pub struct Web {
    /// Build only the Rust core with its bindings, for `npm run dev` in client/web
    #[arg(long)]
    core: bool,
}

/// Builds the browser app and says how large it is.
pub fn run(web: &Web) -> anyhow::Result<()> {
    let _alone = alone()?;
    core()?;
    if web.core {
        return Ok(());
    }
    app()?;
    println!("\n{}", sizes(&folder().join("dist/app"))?);
    Ok(())
}

/// Builds the app unless it is built and nothing that it is made from is newer.
pub fn build_where_needed() -> anyhow::Result<()> {
    let _alone = alone()?;
    if is_built() { Ok(()) } else { core().and_then(|()| app()) }
}

/// Waits until nobody else on this machine builds the app in this folder, and keeps others waiting.
fn alone() -> anyhow::Result<File> {
    fs::create_dir_all(target_folder())?;
    let path = target_folder().join("web.lock");
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    file.lock().with_context(|| path.display().to_string())?;
    Ok(file)
}

fn is_built() -> bool {
    let Ok(built) = fs::metadata(folder().join("dist/app/index.html")).and_then(|page| page.modified())
    else {
        return false;
    };
    let sources =
        ["client/web/src", "client/web/core/src", "client/web/public", "client/src", "client/messages"]
            .into_iter()
            .chain(["shared/src", "shared/kinds", "shared/rules"]);
    let single = ["Cargo.lock", "Cargo.toml", "client/web/index.html", "client/web/package-lock.json"];
    let listed = sources.flat_map(|source| files(&root().join(source)).unwrap_or_default());
    let mut all = listed.chain(single.map(|file| root().join(file)));
    all.all(|file| fs::metadata(file).and_then(|file| file.modified()).is_ok_and(|changed| changed <= built))
}

/// Builds all of it, silently about sizes.
pub fn build() -> anyhow::Result<()> {
    let _alone = alone()?;
    core()?;
    app()
}

/// Where the app's sources are.
pub fn folder() -> PathBuf {
    root().join("client/web")
}

/// Says what is missing to build the app; nothing if it can be built.
pub fn missing() -> Option<String> {
    let node = Tool::new("node").arg("--version").output().ok();
    let major = node
        .as_deref()
        .and_then(|version| version.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        None => Some(format!("Node.js is not installed. {NODE_HINT}")),
        Some(major) if major < NODE_MAJOR_MIN => Some(format!("Node.js {major} is too old. {NODE_HINT}")),
        Some(_) if !Tool::new("npm").arg("--version").succeeds() => {
            Some(format!("npm is not installed. {NODE_HINT}"))
        }
        Some(_) => None,
    }
}

/// Builds the Rust core for the browser and writes its bindings.
fn core() -> anyhow::Result<()> {
    install_target()?;
    let arguments = ["build", "--locked", "--profile", "web", "--package", "entente-web", "--target", TARGET];
    Tool::cargo(arguments).run()?;
    let wasm = target_folder().join(TARGET).join("web/entente_web.wasm");
    let bindings = folder().join("wasm");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&wasm).web(true)?.typescript(true).omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(&bindings).with_context(|| format!("bindings of {}", wasm.display()))
}

/// Checks the types and bundles the app around the core.
fn app() -> anyhow::Result<()> {
    if let Some(missing) = missing() {
        bail!("the web app cannot be built: {missing}");
    }
    install_packages()?;
    npm(["run", "check"]).run()?;
    npm(["run", "build"]).run()
}

/// Installs exactly what the lock file names, when it is not what is installed.
pub fn install_packages() -> anyhow::Result<()> {
    let (lock, installed) =
        (folder().join("package-lock.json"), folder().join("node_modules/.package-lock.json"));
    let changed = |file: &Path| fs::metadata(file).and_then(|meta| meta.modified()).ok();
    if changed(&installed).is_some_and(|installed| Some(installed) >= changed(&lock)) {
        return Ok(());
    }
    npm(["ci", "--no-audit", "--no-fund"]).run()
}

/// npm in the app's folder: the one that is installed, or where that is too old one that it fetches.
pub fn npm<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Tool {
    let installed = Tool::new("npm").arg("--version").output().ok();
    let major = installed.as_deref().and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    let tool = match major {
        Some(major) if major < NPM_MAJOR_MIN => Tool::new("npx").args(["--yes", NPM_FETCHED]),
        _ => Tool::new("npm"),
    };
    tool.args(["--prefix", "client/web"]).args(arguments).hint(NODE_HINT)
}

/// Installs Rust's standard library for the browser when it is missing.
pub fn install_target() -> anyhow::Result<()> {
    let libraries = Tool::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output()?;
    if PathBuf::from(libraries).is_dir() {
        return Ok(());
    }
    Tool::new("rustup")
        .args(["target", "add", TARGET])
        .hint("Without rustup, install it from where Rust was installed from.")
        .run()
        .with_context(|| {
            format!("Rust's standard library for {TARGET} is not installed and could not be fetched")
        })
}

fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Checks that a first visit has not become heavier than is known (docs/decisions/0033).
pub fn check_size() -> anyhow::Result<()> {
    let dist = folder().join("dist/app");
    let bytes = compressed(&dist)?.into_iter().map(|(_, bytes)| bytes).sum::<u64>();
    if bytes > FIRST_VISIT_BYTES_MAX {
        bail!("a first visit transfers {bytes} bytes, more than {FIRST_VISIT_BYTES_MAX}\n{}", sizes(&dist)?);
    }
    Ok(())
}

/// Every file of the app that is served compressed, with its bytes then.
fn compressed(dist: &Path) -> anyhow::Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for file in files(dist)? {
        let name = file.strip_prefix(dist).unwrap_or(&file).display().to_string();
        if let Some(name) = name.strip_suffix(".br") {
            found.push((name.to_owned(), fs::metadata(&file)?.len()));
        }
    }
    Ok(found)
}

/// What a first visit transfers: every file of the app, compressed; fonts apart.
fn sizes(dist: &Path) -> anyhow::Result<String> {
    let mut lines = vec!["first visit, compressed with brotli:".to_owned()];
    let (mut app, mut fonts) = (0, 0);
    for (name, bytes) in compressed(dist)? {
        lines.push(format!("  {:>8.1} KB  {name}", bytes as f64 / 1000.0));
        app += bytes;
    }
    for file in files(dist)?.iter().filter(|file| file.extension().is_some_and(|kind| kind == "woff2")) {
        fonts += fs::metadata(file)?.len();
    }
    lines.push(format!(
        "  {:>8.1} KB  together; fonts {:.1} KB apart",
        app as f64 / 1000.0,
        fonts as f64 / 1000.0
    ));
    Ok(lines.join("\n"))
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

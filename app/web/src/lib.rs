//! The browser bundle: the app's islands and the function that starts them.

// Without this line the linker drops the app, and with it every island.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the page; the loader then hands each island its element.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

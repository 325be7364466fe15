// Runs in <head>, before the first paint: what HTML and htmx attributes cannot do on their own.
import './theme.js';
import './keyboard.js';
import './polling.js';
import './dialogs.js';
import './menus.js';
import './toasts.js';
import './suggestions.js';
import './uploads.js';
import './selection.js';

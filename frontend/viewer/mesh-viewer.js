// Defines <mesh-viewer>, the 3D view of one model file. See element.js for its attributes.
import { MeshViewer } from './element.js';

customElements.define('mesh-viewer', MeshViewer);

import {
  AmbientLight,
  Box3,
  type BufferGeometry,
  DirectionalLight,
  Mesh,
  MeshStandardMaterial,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Sphere,
  TextureLoader,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { PLYLoader } from "three/addons/loaders/PLYLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";

/** Degrees; a usual lens. */
const ANGLE = 40;

/**
 * Shows a model on the canvas until the signal ends it: the whole of it, to be turned, moved and looked at from nearer.
 *
 * @throws what the loader says of a damaged file, and where the browser has no WebGL
 */
export async function showModel(
  canvas: HTMLCanvasElement,
  url: string,
  { isShown, signal }: { isShown: (mimeType: string, sizeBytes: number) => boolean; signal: AbortSignal },
): Promise<void> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  const mimeType = answer.headers.get("content-type") ?? "";
  if (!isShown(mimeType, Number(answer.headers.get("content-length")))) throw new Error(`${mimeType} is not shown`);
  const model = await parseModel(await answer.arrayBuffer(), mimeType);
  signal.throwIfAborted();
  const { center, radius } = new Box3().setFromObject(model).getBoundingSphere(new Sphere());
  if (!(radius > 0)) throw new Error("there is nothing in the model");

  // Asked for here: the library would write to the console where there is none.
  const context = canvas.getContext("webgl2", { antialias: true, alpha: true });
  if (context === null) throw new Error("this browser has no WebGL");
  const renderer = new WebGLRenderer({ canvas, context });
  const scene = new Scene();
  const [key, fill] = [new DirectionalLight("#fff3ea", 2.2), new DirectionalLight("#ff9a6c", 0.7)];
  key.position.set(1, 2, 3);
  fill.position.set(-3, 0, -2);
  model.position.sub(center);
  scene.add(model, new AmbientLight("#ffffff", 1.1), key, fill);
  const camera = new PerspectiveCamera(ANGLE, 1, radius / 100, radius * 100);
  const distance = radius / Math.sin((ANGLE / 2) * (Math.PI / 180));
  camera.position.set(0.6, 0.45, 1).setLength(distance * 1.05);
  const controls = new OrbitControls(camera, canvas);
  controls.minDistance = radius / 4;
  controls.maxDistance = radius * 20;
  controls.listenToKeyEvents(canvas);

  // Drawn when something changes and not all the time: a page may show many.
  const draw = (): void => renderer.render(scene, camera);
  const fit = new ResizeObserver(() => {
    const { clientWidth, clientHeight } = canvas;
    renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    renderer.setSize(clientWidth, clientHeight, false);
    camera.aspect = clientWidth / Math.max(1, clientHeight);
    camera.updateProjectionMatrix();
    draw();
  });
  fit.observe(canvas);
  controls.addEventListener("change", draw);
  signal.addEventListener("abort", () => {
    fit.disconnect();
    controls.dispose();
    renderer.dispose();
    renderer.forceContextLoss();
  });
}

async function parseModel(bytes: ArrayBuffer, mimeType: string): Promise<Object3D> {
  switch (mimeType) {
    case "model/obj":
      return new OBJLoader().parse(new TextDecoder().decode(bytes));
    case "model/stl":
      return meshOf(new STLLoader().parse(bytes));
    case "model/ply":
      return meshOf(new PLYLoader().parse(bytes));
    default:
      // Without a path: what the file does not carry itself is not fetched.
      return (await gltfLoader().parseAsync(bytes, "")).scene;
  }
}

/** Its own loader of textures fetches them from `blob:` addresses, which our content security policy allows for pictures only. */
function gltfLoader(): GLTFLoader {
  return new GLTFLoader().register((parser) => {
    parser.textureLoader = new TextureLoader(parser.options.manager);
    return { name: "textures as pictures" };
  });
}

function meshOf(geometry: BufferGeometry): Mesh {
  if (!geometry.hasAttribute("normal")) geometry.computeVertexNormals();
  return new Mesh(
    geometry,
    new MeshStandardMaterial({ color: "#cfc0b4", vertexColors: geometry.hasAttribute("color") }),
  );
}

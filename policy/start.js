// Pulumi requires a pack's entry through ts-node, which refuses imports that end in .ts; what plain JavaScript imports, Node reads itself.
import "./index.ts";

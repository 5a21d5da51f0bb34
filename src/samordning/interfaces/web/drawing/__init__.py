"""Pictures of answers and of the law: drawn as SVG from what the answer says, and the same as PNG."""

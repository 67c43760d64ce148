// The one policy that the content policy allows, made before anything else runs. It turns the empty string, with which
// libraries clear or probe, into the empty string, and refuses every other string: a null makes the browser throw.
if (globalThis.trustedTypes) {
  const emptyOnly = (text) => (text === '' ? '' : null);
  globalThis.trustedTypes.createPolicy('default', {
    createHTML: emptyOnly,
    createScript: emptyOnly,
    createScriptURL: emptyOnly,
  });
}

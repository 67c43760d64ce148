// The only policy that the Content-Security-Policy allows, created before any other script runs. It
// accepts the empty string, which libraries use to clear an element or to test for support, and
// rejects every other string: null makes the browser throw.
if (globalThis.trustedTypes) {
  const emptyOnly = (text) => (text === '' ? '' : null);
  globalThis.trustedTypes.createPolicy('default', {
    createHTML: emptyOnly,
    createScript: emptyOnly,
    createScriptURL: emptyOnly,
  });
}

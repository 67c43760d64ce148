// Updates the page that shows a run of the checks in place, so that the reader keeps the focus and the
// place on the page. `XMLHttpRequest` parses a page without a string that Trusted Types would refuse.
// Without scripts, the page reloads itself.
const pause = 2_000;
const timeout = 10_000;
const shown = document.getElementById('run');

function look() {
  const request = new XMLHttpRequest();
  request.responseType = 'document';
  request.timeout = timeout;
  request.open('GET', location.href);
  request.onloadend = () => {
    const next = request.response?.getElementById('run');
    // The run is finished: the server redirected to its results.
    if (request.status === 200 && !next) return location.replace(request.responseURL);
    if (next && next.innerHTML !== shown.innerHTML)
      shown.replaceChildren(...document.importNode(next, true).childNodes);
    setTimeout(look, pause);
  };
  request.send();
}

setTimeout(look, pause);

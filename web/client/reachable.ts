import { deploymentAnswer } from '../../src/api/deployment.ts';
import { callOnce } from './api.ts';

const lookEveryMs = 5_000;

/** @throws ApiProblem if the server does not answer */
async function reachServer(): Promise<void> {
  await callOnce({ method: 'GET', path: '/api/deployment', answer: deploymentAnswer });
}

/**
 * Calls `then` once, when the server answers again: when the browser is back online, or at the next
 * of the looks that a visible page takes. Returns a function that stops looking.
 */
export function whenReachable(then: () => void): () => void {
  let hasStopped = false;
  const stop = () => {
    hasStopped = true;
    clearInterval(timer);
    window.removeEventListener('online', onTurn);
  };
  const look = async () => {
    if (document.hidden || !(await isReachable()) || hasStopped) return;
    stop();
    then();
  };
  const onTurn = () => void look();
  const timer = setInterval(onTurn, lookEveryMs);
  window.addEventListener('online', onTurn);
  return stop;
}

function isReachable(): Promise<boolean> {
  return reachServer().then(
    () => true,
    () => false,
  );
}

/**
 * Loads a part of the app on demand. If the server cannot be reached, rejects with an `ApiProblem`,
 * which can be shown. Any other failure is passed on: after an update the file has another name, and
 * the page has to be reloaded.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    await reachServer();
    throw error;
  }
}

import { html } from 'hono/html';

/** The content of an email. `code` is on a line of its own. Text that users typed never appears unmodified. */
export interface Message {
  subject: string;
  text: string;
  html: string;
}

export interface Letter {
  subject: string;
  paragraphs: readonly string[];
  code?: string;
  link?: { href: string; label: string };
  closing: string;
}

/** In subjects and above each message, so that a reader sees at once where it comes from. */
export const productName = 'Flowcept';

/** Renders an email as text and as HTML with the same wording. Email clients require inline styles and table layout. */
export function layOut(letter: Letter): Message {
  const { subject, paragraphs, code, link, closing } = letter;
  const text = [
    ...paragraphs,
    ...(code ? [code] : []),
    ...(link ? [`${link.label}:\n${link.href}`] : []),
    closing,
  ].join('\n\n');
  // oxlint-disable-next-line typescript/no-base-to-string -- the template is a promise only if one of its parts is
  return { subject, text: `${text}\n`, html: String(page(letter)) };
}

const ink =
  'color: #16201b; font-family: system-ui, sans-serif; font-size: 16px; line-height: 24px';
const button =
  'display: inline-block; padding: 12px 20px; background: #0b6b4f; color: #ffffff; border-radius: 8px; font-weight: 600; text-decoration: none';

function page({ subject, paragraphs, code, link, closing }: Letter) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${subject}</title>
        <style>
          @media (prefers-color-scheme: dark) {
            .page {
              background: #101513 !important;
            }
            .card {
              background: #18201c !important;
              border-color: #2f3a34 !important;
              color: #e8ece9 !important;
            }
            .quiet {
              color: #a9b4ae !important;
            }
            .button {
              background: #5cc9a3 !important;
              color: #0b1410 !important;
            }
          }
        </style>
      </head>
      <body class="page" style="margin: 0; padding: 32px 16px; background: #fbfbfa">
        <div
          class="card"
          style="${ink}; max-width: 32rem; margin: 0 auto; padding: 32px; background: #ffffff; border: 1px solid #e2e4e0; border-radius: 10px"
        >
          <p class="quiet" style="margin: 0 0 24px; color: #55605a; font-weight: 600">
            ${productName}
          </p>
          ${paragraphs.map((paragraph) => html`<p style="margin: 0 0 16px">${paragraph}</p>`)}
          ${code && html`<p style="margin: 0 0 16px; font-family: ui-monospace, monospace; font-size: 34px; line-height: 40px; letter-spacing: 4px">${code}</p>`}
          ${link && html`<p style="margin: 24px 0"><a class="button" href="${link.href}" style="${button}">${link.label}</a></p>`}
          <p class="quiet" style="margin: 0; color: #55605a; font-size: 14px; line-height: 20px">
            ${closing}
          </p>
        </div>
      </body>
    </html>`;
}

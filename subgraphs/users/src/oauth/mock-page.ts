import { html } from '../page.ts';

/** @param parameters those of the request, which the form sends again */
export const mockPage = (parameters: Record<string, string | undefined>): string =>
  html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Mock sign-in</title>
      <style>
        body {
          font: 16px/1.5 system-ui;
          max-width: 26rem;
          margin: 3rem auto;
          padding: 0 1rem;
        }
        strong {
          display: block;
          background: #fc0;
          color: #000;
          padding: 0.5rem 1rem;
        }
        label {
          display: block;
          margin: 1rem 0;
        }
        input:not([type='checkbox']) {
          display: block;
          width: 100%;
          font: inherit;
          box-sizing: border-box;
        }
        button {
          font: inherit;
        }
      </style>
      <strong>This is a mock: it asks for no password, and you are whoever you say.</strong>
      <form method="post" action="authorize">
        ${Object.entries(parameters).map(([name, value = '']) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <label>Name <input name="name" value="Mock Person" maxlength="80" /></label>
        <label
          >E-mail address <input name="email" type="email" value="mock@example.org" maxlength="254" required
        /></label>
        <label><input name="verified" type="checkbox" checked /> The address is verified</label>
        <button name="decision" value="allow">Sign in</button>
        <button name="decision" value="deny" formnovalidate>Refuse</button>
      </form>
    </html> `.text;

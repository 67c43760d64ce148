import { messages } from './messages.ts';

export function SiteFooter() {
  return (
    <footer className="fc-footer">
      <div className="fc-bar">
        <p>{messages.footer.sentence}</p>
        <nav className="fc-nav" aria-label={messages.footer.nav}>
          <a href="/security">{messages.security}</a>
          <a href="/docs">{messages.footer.api}</a>
        </nav>
      </div>
    </footer>
  );
}

const isDevelopment = process.env.NODE_ENV === 'development';

// Next puts small inline scripts and styles into its pages. A nonce would make every page dynamic and break prefetching,
// so inline is allowed and every other origin is not.
const contentSecurityPolicy = [
  `default-src 'self'`,
  `script-src 'self' 'unsafe-inline'${isDevelopment ? ` 'unsafe-eval'` : ''}`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
  `object-src 'none'`,
  `base-uri 'self'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

const securityHeaders = [
  { key: 'Content-Security-Policy', value: contentSecurityPolicy },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
];

/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // The event stream says `no-transform`, so it is never held back to be compressed.
  compress: true,
  // `npm run check` does it, once and for every file.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ['@prisma/adapter-pg', '@prisma/client', 'better-auth', 'dockerode', 'pg', 'pino'],
  agentRules: false,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

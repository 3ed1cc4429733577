import helmet from 'helmet';

/**
 * Security headers of every answer. `style-src` allows style attributes because the canvas positions its nodes with them; scripts come
 * from this server only. No `upgrade-insecure-requests`: a loopback server speaks plain http.
 */
export function securityHeaders(secure: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    ...(secure ? {} : { strictTransportSecurity: false }),
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
  });
}

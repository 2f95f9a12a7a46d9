import { BadParameter, Rejected } from '../../http/output/errors';

/** A callback that no credentials of the enterprise have signed, or that is meant for another corp (HTTP 403). */
export class Unsigned extends Rejected {
  constructor() {
    super('refused');
  }
}

/** A callback that is not what WeCom sends: no XML, a DTD, no Encrypt, bad base64, pad or length (HTTP 400). */
export class BadCallback extends BadParameter {
  constructor() {
    super(['refused']);
  }
}

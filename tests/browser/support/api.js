// What a scheme does by API before a person is asked: adds the person, invites them, opens a link for everybody.

/** One council (in Northern Ireland: trust) of each nation. */
export const NATIONS = {
  england: { code: 'E92000001', council: 'E08000035', place: 'Leeds' },
  wales: { code: 'W92000004', council: 'W06000002', place: 'Gwynedd' },
  scotland: { code: 'S92000003', council: 'S12000017', place: 'Highland' },
  'northern-ireland': { code: 'N92000002', council: 'NIHSCT-western', place: 'Western' },
};

let people = 0;

export class Api {
  constructor(at, token) {
    this.at = at;
    this.token = token;
  }

  static async signIn(at, email, password) {
    const { token } = await new Api(at).send('POST', '/sessions', { email, password });
    return new Api(at, token);
  }

  /** The API of the server that these tests have started. */
  static here() {
    return new Api(process.env.KHI_AT, process.env.KHI_TOKEN);
  }

  async send(method, path, body) {
    const answer = await fetch(`${this.at}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async addScheme(id, name, model, council, units = []) {
    await this.send('POST', '/schemes', { id, name, model, areas: [{ code: council, from: '2020-04-01', to: null }], cqc_location_id: null, units });
    await this.send('PUT', `/schemes/${id}/contacts`, {
      help: { name: 'Amina', phone: '01632 960123' },
      leads: [{ name: 'First lead', email: 'first@test.example' }, { name: 'Second lead', email: 'second@test.example' }],
    });
  }

  /** A scheme with two units. */
  async addUnits(id, name, model, council) {
    const unit = (unit, called) => ({ id: unit, name: called, from: '2024-01-01', to: null });
    await this.addScheme(id, name, model, council, [unit('garden', 'Garden Days'), unit('kitchen', 'Kitchen')]);
  }

  /** Adds a person to a scheme and invites them: their link, and the code for paper. */
  async invite({ nation = 'england', questionnaire = 'shared-lives', ended = false } = {}) {
    const scheme = schemeFor(nation, questionnaire);
    const participant = `P-${process.pid}-${(people += 1)}`;
    await this.send('PUT', `/schemes/${scheme}/participants/by-ref/${participant}`, {
      council: NATIONS[nation].council, supported_from: '2024-01-01', about: questionnaire === 'shared-lives' ? { arrangement: ['live-in'] } : {},
    });
    const when = ended ? { due_on: '2024-02-01', ends_on: '2024-03-01' } : { due_on: today() };
    return this.send('POST', `/schemes/${scheme}/invitations`, { participant, questionnaire, ...when });
  }

  /** A link that anybody may use. */
  async openLink({ nation = 'england', questionnaire = 'shared-lives' } = {}) {
    return this.send('POST', `/schemes/${schemeFor(nation, questionnaire)}/open-links`, { questionnaire });
  }
}

function schemeFor(nation, questionnaire) {
  return `${nation}-${questionnaire.startsWith('homeshare') ? 'homeshare' : 'shared-lives'}`;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

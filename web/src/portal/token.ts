// The secret of an invitation stands behind the # of its address and is taken out at once, before anything can copy it.
let token = '';

export function takeToken() {
  if (!/^\/portal\/i(nvitation)?$/.test(location.pathname)) return;
  if (location.hash.length > 1) token = decodeURIComponent(location.hash.slice(1));
  if (location.hash) history.replaceState(null, '', location.pathname);
}
export const invitationToken = () => token;
export const spendToken = () => {
  token = '';
};

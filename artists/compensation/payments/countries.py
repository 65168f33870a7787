"""Where Stripe sends money without being asked first, and how countries are called."""

from django.utils.translation import gettext_lazy as _

from portal.access.decisions import Words

# Stripe's cross-border payouts between these are open to every platform in them. Beyond, Stripe has to approve each platform,
# and a transfer is refused ("Funds can't be sent to accounts located in ..."): nothing is promised there by this way.
BY_STRIPE = frozenset({
    "AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US",
})  # fmt: skip
# ISO 3166-1, the names that people look for.
NAMES: dict[str, Words] = {
    "AD": _("Andorra"), "AE": _("United Arab Emirates"), "AF": _("Afghanistan"), "AG": _("Antigua and Barbuda"),
    "AL": _("Albania"), "AM": _("Armenia"), "AO": _("Angola"), "AR": _("Argentina"), "AT": _("Austria"),
    "AU": _("Australia"), "AZ": _("Azerbaijan"), "BA": _("Bosnia and Herzegovina"), "BB": _("Barbados"),
    "BD": _("Bangladesh"), "BE": _("Belgium"), "BF": _("Burkina Faso"), "BG": _("Bulgaria"), "BH": _("Bahrain"),
    "BI": _("Burundi"), "BJ": _("Benin"), "BN": _("Brunei"), "BO": _("Bolivia"), "BR": _("Brazil"), "BS": _("Bahamas"),
    "BT": _("Bhutan"), "BW": _("Botswana"), "BY": _("Belarus"), "BZ": _("Belize"), "CA": _("Canada"),
    "CD": _("Congo (Kinshasa)"), "CF": _("Central African Republic"), "CG": _("Congo (Brazzaville)"),
    "CH": _("Switzerland"), "CI": _("Côte d’Ivoire"), "CL": _("Chile"), "CM": _("Cameroon"), "CN": _("China"),
    "CO": _("Colombia"), "CR": _("Costa Rica"), "CU": _("Cuba"), "CV": _("Cabo Verde"), "CY": _("Cyprus"),
    "CZ": _("Czechia"), "DE": _("Germany"), "DJ": _("Djibouti"), "DK": _("Denmark"), "DM": _("Dominica"),
    "DO": _("Dominican Republic"), "DZ": _("Algeria"), "EC": _("Ecuador"), "EE": _("Estonia"), "EG": _("Egypt"),
    "ER": _("Eritrea"), "ES": _("Spain"), "ET": _("Ethiopia"), "FI": _("Finland"), "FJ": _("Fiji"),
    "FM": _("Micronesia"), "FR": _("France"), "GA": _("Gabon"), "GB": _("United Kingdom"), "GD": _("Grenada"),
    "GE": _("Georgia"), "GH": _("Ghana"), "GM": _("Gambia"), "GN": _("Guinea"), "GQ": _("Equatorial Guinea"),
    "GR": _("Greece"), "GT": _("Guatemala"), "GW": _("Guinea-Bissau"), "GY": _("Guyana"), "HK": _("Hong Kong"),
    "HN": _("Honduras"), "HR": _("Croatia"), "HT": _("Haiti"), "HU": _("Hungary"), "ID": _("Indonesia"),
    "IE": _("Ireland"), "IL": _("Israel"), "IN": _("India"), "IQ": _("Iraq"), "IR": _("Iran"), "IS": _("Iceland"),
    "IT": _("Italy"), "JM": _("Jamaica"), "JO": _("Jordan"), "JP": _("Japan"), "KE": _("Kenya"), "KG": _("Kyrgyzstan"),
    "KH": _("Cambodia"), "KI": _("Kiribati"), "KM": _("Comoros"), "KN": _("Saint Kitts and Nevis"),
    "KP": _("North Korea"), "KR": _("South Korea"), "KW": _("Kuwait"), "KZ": _("Kazakhstan"), "LA": _("Laos"),
    "LB": _("Lebanon"), "LC": _("Saint Lucia"), "LI": _("Liechtenstein"), "LK": _("Sri Lanka"), "LR": _("Liberia"),
    "LS": _("Lesotho"), "LT": _("Lithuania"), "LU": _("Luxembourg"), "LV": _("Latvia"), "LY": _("Libya"),
    "MA": _("Morocco"), "MC": _("Monaco"), "MD": _("Moldova"), "ME": _("Montenegro"), "MG": _("Madagascar"),
    "MH": _("Marshall Islands"), "MK": _("North Macedonia"), "ML": _("Mali"), "MM": _("Myanmar"), "MN": _("Mongolia"),
    "MR": _("Mauritania"), "MT": _("Malta"), "MU": _("Mauritius"), "MV": _("Maldives"), "MW": _("Malawi"),
    "MX": _("Mexico"), "MY": _("Malaysia"), "MZ": _("Mozambique"), "NA": _("Namibia"), "NE": _("Niger"),
    "NG": _("Nigeria"), "NI": _("Nicaragua"), "NL": _("Netherlands"), "NO": _("Norway"), "NP": _("Nepal"),
    "NR": _("Nauru"), "NZ": _("New Zealand"), "OM": _("Oman"), "PA": _("Panama"), "PE": _("Peru"),
    "PG": _("Papua New Guinea"), "PH": _("Philippines"), "PK": _("Pakistan"), "PL": _("Poland"), "PR": _("Puerto Rico"),
    "PS": _("Palestine"), "PT": _("Portugal"), "PW": _("Palau"), "PY": _("Paraguay"), "QA": _("Qatar"),
    "RO": _("Romania"), "RS": _("Serbia"), "RU": _("Russia"), "RW": _("Rwanda"), "SA": _("Saudi Arabia"),
    "SB": _("Solomon Islands"), "SC": _("Seychelles"), "SD": _("Sudan"), "SE": _("Sweden"), "SG": _("Singapore"),
    "SI": _("Slovenia"), "SK": _("Slovakia"), "SL": _("Sierra Leone"), "SM": _("San Marino"), "SN": _("Senegal"),
    "SO": _("Somalia"), "SR": _("Suriname"), "SS": _("South Sudan"), "ST": _("São Tomé and Príncipe"),
    "SV": _("El Salvador"), "SY": _("Syria"), "SZ": _("Eswatini"), "TD": _("Chad"), "TG": _("Togo"), "TH": _("Thailand"),
    "TJ": _("Tajikistan"), "TL": _("Timor-Leste"), "TM": _("Turkmenistan"), "TN": _("Tunisia"), "TO": _("Tonga"),
    "TR": _("Türkiye"), "TT": _("Trinidad and Tobago"), "TV": _("Tuvalu"), "TW": _("Taiwan"), "TZ": _("Tanzania"),
    "UA": _("Ukraine"), "UG": _("Uganda"), "US": _("United States"), "UY": _("Uruguay"), "UZ": _("Uzbekistan"),
    "VA": _("Vatican City"), "VC": _("Saint Vincent and the Grenadines"), "VE": _("Venezuela"), "VN": _("Vietnam"),
    "VU": _("Vanuatu"), "WS": _("Samoa"), "XK": _("Kosovo"), "YE": _("Yemen"), "ZA": _("South Africa"),
    "ZM": _("Zambia"), "ZW": _("Zimbabwe"),
}  # fmt: skip


def country_called(code: str) -> Words:
    """The name of a country, or its code where it has none here."""
    return NAMES.get(code, code)

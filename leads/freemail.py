"""Mail providers that say nothing of an employer, and the column that marks their addresses."""

from typing import TYPE_CHECKING, Any

from django.db import models

PROVIDERS = """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.fr yahoo.de ymail.com rocketmail.com
    hotmail.com hotmail.co.uk hotmail.fr hotmail.de outlook.com outlook.de live.com live.co.uk msn.com
    icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de
    mail.ru yandex.ru yandex.com bk.ru inbox.ru list.ru qq.com 163.com 126.com sina.com naver.com
    proton.me protonmail.com pm.me tutanota.com posteo.de mailbox.org fastmail.com hey.com zoho.com
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it bluewin.ch
    comcast.net verizon.net att.net sbcglobal.net btinternet.com sky.com rediffmail.com uol.com.br
    terra.com.br bol.com.br wp.pl o2.pl onet.pl interia.pl seznam.cz mail.com email.com
    freemail.example webpost.example
"""
"""The last two are reserved names, for made-up people."""
DOMAINS = frozenset(PROVIDERS.split())

if TYPE_CHECKING:
    FlagColumn = models.BooleanField[bool | None, bool | None]
else:
    FlagColumn = models.BooleanField  # a type parameter is known to the type checker only


def is_free_mail(email: str) -> bool | None:
    """Whether the address is with a free provider; None without an address."""
    domain = email.rpartition("@")[2].strip().lower()
    return domain in DOMAINS if domain else None


class FreeMailField(FlagColumn):
    """Whether ``email`` is with a free provider; kept by ``save`` and ``bulk_create``, null without one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"null": True, "editable": False}))

    def pre_save(self, model_instance: models.Model, add: bool) -> bool | None:
        flag = is_free_mail(getattr(model_instance, "email", ""))
        setattr(model_instance, self.attname, flag)
        return flag

"""Addresses of studio and library."""

from django.urls import path

from .views import compare, library, prompts, references, shelves, storyboards, studio, wall

urlpatterns = [
    path("studio/", studio.studio, name="studio"),
    path("studio/price/", studio.studio_price, name="studio_price"),
    path("studio/generations/<uuid:pk>/", studio.generation, name="generation"),
    path("studio/generations/<uuid:pk>/stop/", studio.stop, name="generation_cancel"),
    path("studio/dock/", studio.studio_dock, name="studio_dock"),
    path("studio/save/", studio.studio_save, name="studio_save"),
    path("studio/stop/", studio.stop_all, name="studio_stop_all"),
    path("studio/references/", references.keep_reference, name="reference_keep"),
    path("studio/references/<int:pk>/", references.reference, name="reference"),
    path("studio/storyboards/", storyboards.storyboards, name="storyboards"),
    path("studio/storyboards/import/", storyboards.bring, name="storyboard_import"),
    path("studio/storyboards/<int:pk>/export/", storyboards.export, name="storyboard_export"),
    path("studio/storyboards/<int:pk>/duplicate/", storyboards.duplicate, name="storyboard_duplicate"),
    path("studio/storyboards/<int:pk>/delete/", storyboards.delete, name="storyboard_delete"),
    path("studio/storyboards/<int:pk>/restore/", storyboards.restore, name="storyboard_restore"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/recent/", prompts.recent_prompts, name="prompts_recent"),
    path("prompts/forget/", prompts.forget_all, name="prompts_forget"),
    path("prompts/<int:pk>/forget/", prompts.forget, name="prompt_forget"),
    path("library/", shelves.library, name="library"),
    path("library/bulk/", shelves.bulk, name="library_bulk"),
    path("library/downloads/", shelves.downloads, name="library_downloads"),
    path("library/collections/", shelves.collections, name="collections"),
    path("library/collections/<int:pk>/", shelves.collection, name="collection"),
    path("library/bin/", shelves.bin_page, name="library_bin"),
    path("library/bin/restore/", shelves.restore, name="library_restore"),
    path("library/<uuid:pk>/star/", shelves.star, name="clip_star"),
    path("library/compare/", compare.compare, name="compare"),
    path("library/<uuid:pk>/", library.clip, name="clip"),
    path("library/<uuid:pk>/film/", library.clip_film, name="clip_film"),
    path("library/<uuid:pk>/poster/", library.clip_poster, name="clip_poster"),
    path("library/<uuid:pk>/filmstrip/", library.clip_filmstrip, name="clip_filmstrip"),
    path("library/<uuid:pk>/download/", library.clip_download, name="clip_download"),
    path("wall/", wall.wall, name="wall"),
    path("wall/<uuid:pk>/film/", wall.wall_film, name="wall_film"),
    path("wall/<uuid:pk>/poster/", wall.wall_poster, name="wall_poster"),
]
